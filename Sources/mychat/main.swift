import ArgumentParser
import TOMLKit
import Logging
print("x")

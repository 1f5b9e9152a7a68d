import ChatCommand
import Glibc

ProgramStart.prepare()
exit(await CommandRunner().run(Array(CommandLine.arguments.dropFirst())))

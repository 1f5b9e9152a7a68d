// Speed of the codecs, each beside something that everybody knows. Run by Benchmarks/run.
measureMasking()
measureFrames()
try measureEvents()
try measureAllocations()

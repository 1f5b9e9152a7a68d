// Measures the speed of the codecs, each compared with something well known. Benchmarks/run runs it.
measureMasking()
measureFrames()
try measureEvents()
try measureAllocations()

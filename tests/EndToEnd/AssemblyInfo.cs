// Every test here drives a whole cluster of processes, which mostly waits. Two at a time are enough for two processors; those that measure an
// outage (the collection of OutageCollection) run one at a time, after the others.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

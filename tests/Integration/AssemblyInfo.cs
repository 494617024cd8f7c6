// These tests wait for engines and agents most of the time: more of them at once than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

// Every test here drives a whole cluster of processes; two at a time would only measure the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

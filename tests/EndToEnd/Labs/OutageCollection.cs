namespace Quorate.Tests.EndToEnd.Labs;

/// <summary>Stories in which a machine that does other work would look like the outage that they are about.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OutageCollection
{
    public const string Name = "measures an outage";
}

using Quorate.Contracts;

namespace Quorate.Cli.Demo.Live;

/// <summary>What a person asked for by keys. A closed set.</summary>
internal abstract record LiveAction
{
    /// <summary>Stop everything and end.</summary>
    public sealed record Quit : LiveAction;

    /// <summary>Cut the power of the node.</summary>
    public sealed record CutPower(NodeName Node) : LiveAction;

    /// <summary>Give the node its power back.</summary>
    public sealed record Revive(NodeName Node) : LiveAction;

    /// <summary>Kill the daemon of the service's first resource.</summary>
    public sealed record Break(ServiceName Service) : LiveAction;

    /// <summary>A command to the cluster, such as <c>relocate</c>.</summary>
    public sealed record Order(ServiceName Service, string Verb) : LiveAction;
}

using Quorate.Contracts;

namespace Quorate.Cli.Api;

/// <summary>What the cluster said to a command. Without <see cref="Result"/> it was only accepted.</summary>
internal sealed record CommandReply
{
    /// <summary>The operation's id in the history.</summary>
    public string? Operation { get; init; }

    /// <summary>How it ended; null while it is under way.</summary>
    public ResultCode? Result { get; init; }

    /// <summary>The number of <see cref="Result"/>, as scripts for clusvcadm know it.</summary>
    public int? Code { get; init; }

    /// <summary>Where the service runs now.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Every reason, per node where nodes were tried.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }
}

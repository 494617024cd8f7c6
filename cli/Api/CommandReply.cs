using System.Text.Json.Serialization;

using Quorate.Contracts;

namespace Quorate.Cli.Api;

/// <summary>What the cluster said to a command. Without <see cref="Result"/> it was only accepted.</summary>
internal sealed record CommandReply
{
    /// <summary>The operation's id in the history.</summary>
    public string? Operation { get; init; }

    /// <summary>How it ended; null while it is under way. Read from the number: the text beside it is for people.</summary>
    [JsonIgnore]
    public ResultCode? Result { get => field ?? (ResultCode?)Code; init; }

    /// <summary>The number of <see cref="Result"/>, as scripts for clusvcadm know it.</summary>
    public int? Code { get; init; }

    /// <summary>Where the service runs now.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Every reason, per node where nodes were tried.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>The reason in a refusal that came before any operation was made, as problem details (RFC 9457) have it.</summary>
    public string? Detail { get; init; }
}

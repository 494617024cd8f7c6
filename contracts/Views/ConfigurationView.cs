namespace Quorate.Contracts.Views;

/// <summary>One version of <c>cluster.conf</c> that the cluster keeps.</summary>
public sealed record ConfigurationView
{
    /// <summary><c>cluster/@config_version</c>.</summary>
    public required int Version { get; init; }

    /// <summary>SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The request that applied it; empty for one that a scheduler read from its file when it started.</summary>
    public required string RequestId { get; init; }

    /// <summary>True for the one in force.</summary>
    public required bool IsInForce { get; init; }

    /// <summary>The whole file; null in a list.</summary>
    public string? Text { get; init; }
}

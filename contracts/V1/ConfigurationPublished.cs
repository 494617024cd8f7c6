namespace Quorate.Contracts.V1;

/// <summary>One stored version of <c>cluster.conf</c>. The receiver checks the digest before it uses the text.</summary>
public sealed record ConfigurationPublished
{
    /// <summary><c>cluster/@config_version</c>.</summary>
    public required int Version { get; init; }

    /// <summary>SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    public required string Text { get; init; }
}

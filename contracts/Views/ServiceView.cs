namespace Quorate.Contracts.Views;

/// <summary>A service as every interface shows it: CLI, HTTP, SQL and bus (DESIGN 5, "one schema").</summary>
public sealed record ServiceView
{
    public required ServiceName Name { get; init; }

    public required ServiceState State { get; init; }

    public NodeName? Owner { get; init; }

    public NodeName? LastOwner { get; init; }

    public required long Epoch { get; init; }

    /// <summary><c>frozen</c>, <c>partial</c>, <c>held</c>.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    public required int Restarts { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Reason { get; init; }
}

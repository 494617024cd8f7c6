namespace Quorate.Tests.Integration.Hosting;

public sealed record LampReported
{
    public required string Name { get; init; }

    public required int Count { get; init; }
}

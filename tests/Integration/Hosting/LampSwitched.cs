namespace Quorate.Tests.Integration.Hosting;

public sealed record LampSwitched
{
    public required string Name { get; init; }
}

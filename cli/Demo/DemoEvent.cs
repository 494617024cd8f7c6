namespace Quorate.Cli.Demo;

/// <summary>Something that happened, told in words.</summary>
internal sealed record DemoEvent(DateTimeOffset At, string Text);

namespace Quorate.Cli.Demo.Script;

/// <summary>The moment of an action: what counts as its consequence was written later.</summary>
/// <param name="Events">How many lines the witness file had; it only grows.</param>
/// <param name="Time">CLOCK_BOOTTIME in nanoseconds.</param>
internal readonly record struct Moment(int Events, long Time);

namespace Quorate.Cli.Demo.Witness;

/// <summary>Judges from what the agents wrote whether a service ever had two owners. Pure: lines in, findings out.</summary>
/// <remarks>
/// An owner writes "alive" for as long as its daemon lives, and a daemon that a power cut or a SIGKILL ended writes no "stop".
/// So the proof of two owners is a sign of life of one node after the start of another, or a start that the lock refused.
/// Times are 10 ms steps of one clock: two lines of the same step prove nothing.
/// </remarks>
public static class Ownership
{
    /// <summary>Every proof of two owners, in words; empty where there is none.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<WitnessLine> lines)
    {
        List<string> violations = [];
        foreach (var service in lines.GroupBy(line => line.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            WitnessLine[] starts = [.. service.Where(line => line.Event == "start").OrderBy(line => line.Time)];
            foreach (WitnessLine line in service.OrderBy(line => line.Time))
            {
                if (ViolationOf(line, starts) is { } violation)
                {
                    violations.Add(violation);
                }
            }
        }

        return violations;
    }

    private static string? ViolationOf(WitnessLine line, WitnessLine[] starts) => line.Event switch
    {
        "refused" => $"{line.Name}: a start on {line.Node} at {line.Time} met another owner that still held the lock",
        "alive" or "stop" => Overlap(line, starts),
        _ => null,
    };

    private static string? Overlap(WitnessLine sign, WitnessLine[] starts)
    {
        WitnessLine? own = starts.LastOrDefault(start => start.Node == sign.Node && start.Time <= sign.Time);
        if (own is null)
        {
            return $"{sign.Name}: {sign.Node} wrote '{sign.Event}' at {sign.Time} without ever having started";
        }

        WitnessLine? other = starts.FirstOrDefault(start => start.Node != sign.Node && start.Time > own.Time && start.Time < sign.Time);
        return other is null
            ? null
            : $"{sign.Name}: {sign.Node} wrote '{sign.Event}' at {sign.Time}, after {other.Node} had started at {other.Time}";
    }
}

using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Why;

/// <summary>A service's placement and history as lines for a person.</summary>
internal static class WhyText
{
    /// <summary>What it is, why, what the planner would do with it, and a line for each node.</summary>
    public static string Of(PlacementView why)
    {
        ServiceView service = why.Service;
        string where = service.Owner is { } owner ? $" on {owner}" : service.LastOwner is { } last ? $", last on {last}" : "";
        string flags = service.Flags.Count == 0 ? "" : $" [{string.Join(", ", service.Flags)}]";
        int width = why.Nodes.Select(node => node.Node.Value.Length).DefaultIfEmpty().Max();
        return string.Join(Environment.NewLine,
        [
            $"{service.Name} is {Word(service.State)}{where}{flags} since {Local(service.Since)}: {service.Reason}",
            $"The planner, asked now: {why.Reason}",
            .. why.Nodes.Select(node => $"  {node.Node.Value.PadRight(width)}  {node.Score,-7}  {node.Objection ?? (node.Node == why.Node ? "it is the one" : "it could take it")}"),
        ]);
    }

    /// <summary>A line for each transition, oldest first: when, from, to, where, why, who asked. Where there may be older ones, a last line says how to see them.</summary>
    /// <param name="service">The service.</param>
    /// <param name="history">Its transitions.</param>
    /// <param name="asked">How many were asked for.</param>
    public static string Of(ServiceName service, IReadOnlyList<TransitionView> history, int asked) => history.Count == 0
        ? $"Nothing has become of {service} yet, as far as that is kept."
        : string.Join(Environment.NewLine, [.. history.Select(Line), .. history.Count < asked ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"Older ones, if there are any: --before {history[0].Id}") }]);

    private static string Line(TransitionView transition) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Local(transition.At)}  {Word(transition.From),-13} -> {Word(transition.To),-13} {transition.Owner?.Value ?? "-"}  epoch {transition.Epoch}  {transition.Reason} ({transition.Cause})");

    private static string Word(ServiceState state) => state.ToString().ToLowerInvariant();

    private static string Local(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

using System.Globalization;

using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Simulate;

/// <summary>What would happen, as a page for a person.</summary>
internal static class LiveSimulationText
{
    /// <summary>What to think of first, then what would change, then every service.</summary>
    public static string Of(SimulationView view) => string.Join(Environment.NewLine,
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(view.IsQuorate ? "quorate" : "NOT quorate")}, votes {view.Votes} (needs {view.VotesNeeded}), configuration version {view.ConfigurationVersion}; nothing was changed"),
        .. view.Warnings.Select(warning => $"warning: {OnOneLine(warning)}"),
        .. view.Changes.Select(change => $"change: {OnOneLine(change)}"),
        .. view.Answers.Select(answer => $"{answer.Command} {answer.Service}: {(answer.IsRefused ? "refused, " : "")}{ResultCodeText.Of(answer.Result)}; {OnOneLine(string.Join("; ", answer.Reasons))}"),
        .. Table(view.Services),
    ]);

    private static IEnumerable<string> Table(IReadOnlyList<SimulatedServiceView> services)
    {
        string[][] rows =
        [
            ["SERVICE", "NOW", "WOULD", "NODE", "SCORE", "REASON"],
            .. services.Select(service => (string[])
            [
                service.Name.Value, Now(service), service.Action, service.Node?.Value ?? "-", service.Score ?? "-", OnOneLine(service.Reason),
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Now(SimulatedServiceView service) =>
        $"{service.State.ToString().ToLowerInvariant()}{(service.Owner is { } owner ? $" on {owner}" : "")}";

    private static string OnOneLine(string line) => string.Concat(line.Select(letter => char.IsControl(letter) ? ' ' : letter));
}

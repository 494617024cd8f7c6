using System.Globalization;

using Quorate.Contracts;
using Quorate.Contracts.Views;

using Spectre.Console;

namespace Quorate.Cli.Operations;

/// <summary>The commands as a table for a person.</summary>
internal static class OperationsTable
{
    /// <summary>Columns when the output is a file or a pipe: wide enough that a line stays one line for <c>grep</c>.</summary>
    private const int RedirectedColumns = 240;

    private static readonly string[] Columns = ["Requested", "Command", "About", "Node", "Result", "Took", "Operation", "Reason"];

    /// <summary>Writes the table to standard output.</summary>
    /// <param name="operations">Newest first.</param>
    /// <param name="areMore">Whether there are older ones.</param>
    public static void Write(IReadOnlyList<OperationView> operations, bool areMore)
    {
        if (operations.Count == 0)
        {
            AnsiConsole.WriteLine("No such command was given, as far as that is kept.");
            return;
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedColumns;
            AnsiConsole.Profile.Capabilities.Ansi = false;
        }

        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in Columns)
        {
            // Only the words may be folded on a narrow terminal; names and ids are copied by hand.
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = column != Columns[^1] });
        }

        foreach (OperationView operation in operations)
        {
            table.AddRow(Cells(operation).Select(cell => new Text(cell)));
        }

        AnsiConsole.Write(table);
        if (areMore)
        {
            AnsiConsole.WriteLine($"There are older ones: --before {operations[^1].Operation}");
        }
    }

    /// <summary>One row.</summary>
    public static IReadOnlyList<string> Cells(OperationView operation) =>
    [
        operation.RequestedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        operation.Command,
        operation.Service?.Value ?? operation.Node?.Value ?? "cluster",
        operation.Service is null ? "-" : operation.Node?.Value ?? "-",
        Result(operation),
        operation.AnsweredAt is { } answered ? string.Create(CultureInfo.InvariantCulture, $"{(answered - operation.RequestedAt).TotalSeconds:0.0} s") : "-",
        operation.Operation,
        string.Join("; ", operation.Reasons),
    ];

    private static string Result(OperationView operation) => operation switch
    {
        { Result: { } result, IsRefused: true } => $"refused: {ResultCodeText.Of(result)}",
        { Result: { } result } => ResultCodeText.Of(result),
        _ => operation.State,
    };
}

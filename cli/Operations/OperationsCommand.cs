using System.CommandLine;
using System.Globalization;
using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Operations;

/// <summary><c>quorate operations</c>: which commands were given, and what became of them.</summary>
internal static class OperationsCommand
{
    private const int OperationsShown = 20;
    private const int OperationsMax = 1000;

    /// <summary><c>quorate operations [--service SERVICE] [--node NODE] [--state STATE] [--command COMMAND] [--result RESULT] [--last N] [--before OPERATION] [--json]</c>.</summary>
    public static Command Create()
    {
        Option<string?> service = Filter("--service", "SERVICE", "Only commands about this service; without a type, 'service:' is meant.");
        Option<string?> node = Filter("--node", "NODE", "Only commands about this node, or with it as their target.");
        Option<string?> state = Filter("--state", "STATE,...", "Only those that are accepted, taken or answered.");
        Option<string?> verb = Filter("--command", "COMMAND,...", "Only these commands, as relocate or drain.");
        Option<string?> result = Filter("--result", "RESULT,...", "Only those that ended so, as success, fail or noNode.");
        Option<string?> before = Filter("--before", "OPERATION", "Only those before this one: the last one listed, to go on from there.");
        Option<int> last = new("--last") { Description = $"How many of the newest, 1 to {OperationsMax}. Default: {OperationsShown}.", HelpName = "N", DefaultValueFactory = _ => OperationsShown };
        last.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > OperationsMax)
            {
                given.AddError($"--last takes 1 to {OperationsMax}");
            }
        });
        Option<bool> json = new("--json") { Description = "Print the commands as JSON and nothing else." };
        Command command = new("operations", "List the commands that were given and what became of them, newest first.") { service, node, state, verb, result, last, before, json };
        command.SetAction((parsed, cancellation) =>
        {
            (string Name, string? Value)[] filters =
            [
                ("service", parsed.GetValue(service)), ("node", parsed.GetValue(node)), ("state", parsed.GetValue(state)), ("command", parsed.GetValue(verb)),
                ("result", parsed.GetValue(result)), ("before", parsed.GetValue(before)), ("last", parsed.GetValue(last).ToString(CultureInfo.InvariantCulture)),
            ];
            return ListAsync(filters.Where(filter => filter.Value is not null).Select(filter => KeyValuePair.Create(filter.Name, filter.Value!)), parsed.GetValue(json), cancellation); // not null: just asked
        });
        return command;
    }

    private static Option<string?> Filter(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    private static async Task<int> ListAsync(IEnumerable<KeyValuePair<string, string>> filter, bool asJson, CancellationToken cancellation)
    {
        using ClusterApi api = ClusterApi.FromEnvironment();
        (IReadOnlyList<OperationView>? operations, bool areMore, string problem) = await api.GetOperationsAsync(filter, cancellation);
        if (operations is null)
        {
            await Console.Error.WriteLineAsync($"quorate: {problem}");
            return ExitCode.Refused;
        }

        if (asJson)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(operations, ApiJson.Default.IReadOnlyListOperationView));
        }
        else
        {
            OperationsTable.Write(operations, areMore);
        }

        return ExitCode.Done;
    }
}

using Quorate.Tests.EndToEnd.Labs;
using Quorate.Tests.Storm.Judging;

namespace Quorate.Tests.Storm.Running;

/// <summary>
/// What is left of a storm that has shown something wrong, read while its engines still run: whoever sees only the output of a machine that is
/// gone since must be able to tell a command that was never taken from an answer that was never heard.
/// </summary>
internal static class Traces
{
    private const int DiaryLinesMax = 25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What the broker holds, what the schedulers stored of commands without an answer, and how the diary ends.</summary>
    /// <param name="lab">Still running.</param>
    /// <param name="evidence">Which commands have no answer.</param>
    /// <param name="diary">Its file.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(Lab lab, Evidence evidence, string diary)
    {
        string broker = lab.FileCalled("rabbitmq/rabbitmqctl");
        string unanswered = string.Join(", ", evidence.Orders.Where(outcome => outcome.Result is null).Select(outcome => $"'{outcome.Order.RequestId}'"));
        string rows = $"SELECT request_id, state, result, answered_at FROM scheduler_operation WHERE request_id IN ({(unanswered.Length == 0 ? "''" : unanswered)})";
        return
        [
            "queues (name, messages, consumers):", .. await RunAsync(broker, "-q", "list_queues", "name", "messages", "consumers"),
            "bindings of the answers:", .. (await RunAsync(broker, "-q", "list_bindings", "source_name", "destination_name")).Where(line => line.Contains("CommandAnswered", StringComparison.Ordinal)),
            "rows of commands without an answer:", .. await RunAsync("/bin/sh", "-c", "psql --no-psqlrc --tuples-only --no-align \"$(printf %s \"$0\" | tr ';' '\\n' | sed 's/^Host=/host=/;s/^Port=/port=/;s/^Username=/user=/;s/^Database=/dbname=/' | tr '\\n' ' ')\" --command \"$1\"", lab.Database, rows),
            "the diary:", .. (await File.ReadAllLinesAsync(diary)).TakeLast(DiaryLinesMax),
        ];
    }

    private static async Task<IReadOnlyList<string>> RunAsync(string program, params string[] arguments)
    {
        try
        {
            ProcessRun run = await ProcessRun.RunAsync(program, arguments, new Dictionary<string, string?>(), Patience);
            return [.. $"{run.Output}{run.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }
        catch (Exception silence) when (silence is TimeoutException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return [silence.Message];
        }
    }
}

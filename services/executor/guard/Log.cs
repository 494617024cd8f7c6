using System.Globalization;
using System.Text;
using Quorate.Contracts;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard;

/// <summary>
/// The guard's log: one line an event on standard error, <c>TIME LEVEL [EVENT] NODE: TEXT</c>. A thread of its own writes, and lines
/// that do not fit are counted and dropped: a full pipe must never keep a guard from its deadline. The library's logging is left
/// out to start fast and stay small; events 1400 to 1499, and #69 of the catalogue.
/// </summary>
internal sealed class Log : IDisposable
{
    private const int LinesMax = 1024;
    private const int TextMax = 4096;
    private const int StandardError = 2;

    private static readonly TimeSpan FlushTimeMax = TimeSpan.FromMilliseconds(500);

    private readonly BoundedQueue<string> _lines = new(LinesMax);
    private readonly string _node;
    private readonly Thread _writer;
    private long _dropped;

    public Log(string node)
    {
        _node = node;
        _writer = new Thread(Write) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    public void GuardStarted(string containment, string stateDirectory) =>
        Add("info", 1400, $"guard started, state {stateDirectory}, containment {containment}");

    public void IncarnationBegun(Incarnation incarnation) => Add("info", 1401, $"incarnation {incarnation} begins");

    public void ExecutorStarted(int process) => Add("info", 1402, $"executor started, process {process}");

    public void ExecutorGone(string how, TimeSpan backOff) =>
        Add("warn", 1403, $"executor gone ({how}); started again in {backOff.TotalMilliseconds:F0} ms, same incarnation");

    public void LeaseExpired(Incarnation incarnation, long lateMilliseconds) =>
        Add("crit", 1404, $"lease of incarnation {incarnation} expired {lateMilliseconds} ms ago without a renewal: stopping all services");

    public void IncarnationEnding(Incarnation incarnation, string reason) => Add("warn", 1405, $"incarnation {incarnation} ends: {reason}");

    public void AgentFailed(string service, string what) => Add("warn", 1406, $"{service}: {what}");

    public void StopUnproven(string reason) => Add("err", 1407, $"not proven stopped: {reason}");

    public void IncarnationEnded(Incarnation incarnation) =>
        Add("info", 1408, $"incarnation {incarnation} ended, all services proven stopped");

    public void Rebooting(string reason) => Add("crit", 1409, $"rebooting this node: {reason}");

    public void RebootFailed(string reason) => Add("crit", 1410, $"cannot reboot this node, so it goes on stopping: {reason}");

    public void NotEscalating(string reason) =>
        Add("crit", 1411, $"the stop deadline passed and this guard must not reboot (--escalate none): {reason}. Nothing is started here until all is proven stopped");

    public void RequestRefused(string request, string reason) => Add("warn", 1412, $"refused {request}: {reason}");

    public void NoCgroup(string problem) =>
        Add("warn", 1413, $"no cgroup can be made ({problem}): services are held together by process marks: a daemon that clears its environment is killed at the end of the lease, but not by a stop that leaves it");

    public void JournalUnwritable(string service, string problem) => Add("crit", 1414, $"the journal of {service} cannot be written: {problem}");

    public void Leaving(string reason) => Add("info", 1415, $"leaving: {reason}");

    public void ExecutorNotReading() => Add("err", 1416, "the executor reads nothing any more: ending it");

    public void BadOption(string problem) => Add("err", 1417, problem);

    public void StateUnusable(string problem) => Add("crit", 1418, problem);

    public void ExecutorUnstartable(string problem) => Add("crit", 1419, $"the executor cannot be started: {problem}");

    public void WatchdogArmed(string path, TimeSpan timeout, TimeSpan asked) => Add(
        "info", 1420, $"watchdog {path} is armed: unfed for {timeout.TotalSeconds:F0} s it resets this machine{(timeout == asked ? "" : $" ({asked.TotalSeconds:F0} s were asked for)")}");

    public void NoWatchdog(string problem) => Add("warn", 1421, $"no watchdog is used, so nothing is promised of one: {problem}");

    public void WatchdogStarves(TimeSpan timeout) =>
        Add("crit", 1422, $"the stop deadline passed without proof: the watchdog is not fed any more and resets this machine within {timeout.TotalSeconds:F0} s");

    public void WatchdogNotFed() => Add("err", 1423, "the watchdog did not take its food; it is tried again");

    public void LeaseHeld(Incarnation incarnation, long lateMilliseconds, OnLeaseLoss onLeaseLoss) => Add(
        "crit", 1424, $"lease of incarnation {incarnation} expired {lateMilliseconds} ms ago without a renewal: its services go on ({onLeaseLoss}), nothing is started");

    public void OnLeaseLossSet(OnLeaseLoss onLeaseLoss) => Add("warn", 1425, $"from now on, when the lease runs out: {onLeaseLoss}");

    /// <summary>A line as it is, for the usage text.</summary>
    public void Plain(string line) => _lines.TryAdd($"{line}\n");

    /// <summary>Catalogue message #69: stopped because the node left or lost its lease; the distributed state is left as it is.</summary>
    public void UncleanStop(ServiceName service) => Add("warn", 69, $"#69: Unclean stop of {service.Name}");

    /// <summary>Waits a bounded time until all lines are out.</summary>
    public void Dispose()
    {
        _lines.End();
        _writer.Join(FlushTimeMax);
    }

    private void Add(string level, int number, string text)
    {
        string flat = text.ReplaceLineEndings(" ");
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {level} [{number}] {_node}: {flat[..Math.Min(flat.Length, TextMax)]}\n");
        if (!_lines.TryAdd(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private unsafe void Write()
    {
        while (_lines.TryTake(out string? line))
        {
            long dropped = Interlocked.Exchange(ref _dropped, 0);
            byte[] bytes = Encoding.UTF8.GetBytes(dropped > 0 ? $"({dropped} lines dropped)\n{line}" : line);
            fixed (byte* first = bytes)
            {
                _ = Libc.Write(StandardError, first, (nuint)bytes.Length);
            }
        }
    }
}

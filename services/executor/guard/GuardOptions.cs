using System.Globalization;
using Quorate.Contracts;
using Quorate.Executor.Guard.Agents;

namespace Quorate.Executor.Guard;

/// <summary>What the guard was started with.</summary>
internal sealed record GuardOptions
{
    public const string Usage = """
        usage: quorate-guard --state DIR --node NAME [options] --serve
               quorate-guard --state DIR --node NAME [options] -- EXECUTOR [ARGUMENT...]
               quorate-guard --state DIR --destroy
          --agents DIR          where agents are looked up; may be repeated (default /usr/lib/ocf)
          --stop-deadline MS    after the lease's end all is proven stopped within this time, 500 to 600000 (default 5000)
          --escalate WHAT       what follows when it is not: none (go on stopping, start nothing) or reboot (default none)
          --watchdog DEVICE     a watchdog that resets this machine when all else fails; none for none (default /dev/watchdog where it
                                is there and free; with --serve none)
          --watchdog-timeout S  unfed for so many seconds it resets; 1 to 600, counted in every takeover by time (default 5)
          --containment WHAT    auto, cgroup or processes (default auto)
          --serve               the executor is at standard input and output
          --destroy             kill all that a dead guard of this state directory left, as a power loss would, and exit
        """;

    private const long StopDeadlineDefault = 5_000;
    private const long StopDeadlineMin = 500;
    private const long StopDeadlineMax = 600_000;
    private const string NoWatchdog = "none";
    private const int WatchdogTimeoutDefault = 5;
    private const int WatchdogTimeoutMax = 600;

    /// <summary>The watchdog that is used where it is there and none is named.</summary>
    public const string WatchdogDefault = "/dev/watchdog";

    public string StateDirectory { get; private set; } = "";

    public NodeName Node { get; private set; } = new("");

    public IReadOnlyList<string> AgentDirectories { get; private set; } = [];

    public long StopDeadlineMilliseconds { get; private set; } = StopDeadlineDefault;

    /// <summary><c>--escalate reboot</c>: a promise that makes time count as fencing (rule S7); a watchdog makes another.</summary>
    public bool IsRebooting { get; private set; }

    /// <summary>The device that was named, without which this guard must not start; null where none was.</summary>
    public string? Watchdog { get; private set; }

    /// <summary>True where no watchdog may be used: <c>--watchdog none</c>, and by default for a host that carries several nodes.</summary>
    public bool UsesNoWatchdog => Watchdog == NoWatchdog || (Watchdog is null && IsServing);

    public int WatchdogTimeoutSeconds { get; private set; } = WatchdogTimeoutDefault;

    public string Containment { get; private set; } = "auto";

    public bool IsServing { get; private set; }

    public bool IsDestroying { get; private set; }

    /// <summary>The executor's program and arguments; empty in serve mode.</summary>
    public IReadOnlyList<string> Executor { get; private set; } = [];

    private bool _namesWatchdogTimeout;

    /// <summary>Reads the command line; null, with the problem, where it is wrong.</summary>
    public static GuardOptions? Parse(IReadOnlyList<string> arguments, out string problem)
    {
        GuardOptions options = new();
        List<string> agents = [];
        problem = "";
        for (int index = 0; index < arguments.Count && problem.Length == 0; index++)
        {
            string name = arguments[index];
            switch (name)
            {
                case "--serve":
                    options.IsServing = true;
                    continue;
                case "--destroy":
                    options.IsDestroying = true;
                    continue;
                case "--":
                    options.Executor = [.. arguments.Skip(index + 1)];
                    index = arguments.Count;
                    continue;
            }

            if (++index >= arguments.Count)
            {
                problem = $"{name} needs a value, or is no option";
                break;
            }

            problem = options.Take(name, arguments[index], agents);
        }

        options.AgentDirectories = agents.Count > 0 ? agents : [AgentLookup.DefaultDirectory];
        problem = problem.Length > 0 ? problem : options.Problem();
        return problem.Length == 0 ? options : null;
    }

    private string Take(string name, string value, List<string> agents)
    {
        switch (name)
        {
            case "--state":
                StateDirectory = value;
                return "";
            case "--node":
                Node = new NodeName(value);
                return "";
            case "--agents":
                agents.Add(Path.GetFullPath(value));
                return "";
            case "--stop-deadline":
                bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds);
                StopDeadlineMilliseconds = milliseconds;
                return isNumber && milliseconds is >= StopDeadlineMin and <= StopDeadlineMax
                    ? "" : $"--stop-deadline {value}: a number from {StopDeadlineMin} to {StopDeadlineMax} (milliseconds) is needed";
            case "--escalate":
                IsRebooting = value == "reboot";
                return value is "none" or "reboot" ? "" : $"--escalate {value}: none or reboot is needed";
            case "--watchdog":
                Watchdog = value;
                return value == NoWatchdog || value.StartsWith('/') ? "" : $"--watchdog {value}: the absolute path of a device is needed, or none";
            case "--watchdog-timeout":
                bool isTimeout = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
                WatchdogTimeoutSeconds = seconds;
                _namesWatchdogTimeout = true;
                return isTimeout && seconds is >= 1 and <= WatchdogTimeoutMax
                    ? "" : $"--watchdog-timeout {value}: a number from 1 to {WatchdogTimeoutMax} (seconds) is needed";
            case "--containment":
                Containment = value;
                return value is "auto" or "cgroup" or "processes" ? "" : $"--containment {value}: auto, cgroup or processes is needed";
            default:
                return $"unknown option {name}";
        }
    }

    private string Problem()
    {
        if (StateDirectory.Length == 0)
        {
            return "--state DIR is missing";
        }

        if (IsDestroying)
        {
            return IsServing || Executor.Count > 0 ? "--destroy goes alone with --state" : "";
        }

        if (_namesWatchdogTimeout && UsesNoWatchdog)
        {
            return "--watchdog-timeout contradicts having no watchdog: name one with --watchdog, or leave the timeout out";
        }

        return Node.Value.Length == 0 ? "--node NAME is missing"
            : IsServing == (Executor.Count > 0) ? "either --serve or -- EXECUTOR is needed, and not both"
            : Executor.Count > 0 && !Executor[0].StartsWith('/') ? $"the executor '{Executor[0]}' must be an absolute path"
            : AgentDirectories.FirstOrDefault(directory => !Directory.Exists(directory)) is { } missing && !IsServing
                ? $"--agents {missing}: no such directory"
            : "";
    }
}

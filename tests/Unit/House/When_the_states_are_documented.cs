using System.Globalization;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Sagas;
using Quorate.Tests.Unit.Scheduler;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// docs/states.md is what the machine and the core say, asked state by state; nobody writes it by hand. <c>QUORATE_REWRITE=1</c> writes it
/// anew: read the difference. Source: rgmanager.md 3.3 to 3.5.
/// </summary>
public sealed class When_the_states_are_documented
{
    private const string Introduction = """
        # The states of a service

        Generated from the state machine and the decisions of the scheduler by the test `When_the_states_are_documented`; not written by hand.

        A service is in one of these states. `clustat` shows them by the same names, and `clustat -s` ends with their numbers.

        """;

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "states.md");

    private static readonly (ServiceState State, int Number, string Meaning)[] States =
    [
        (ServiceState.Uninitialized, 115, "never evaluated"),
        (ServiceState.Stopped, 110, "runs nowhere; the next evaluation may start it"),
        (ServiceState.Starting, 111, "its owner was told to start it and has not answered"),
        (ServiceState.Started, 112, "its owner runs it"),
        (ServiceState.Stopping, 113, "its owner was told to stop it and has not answered"),
        (ServiceState.Recoverable, 117, "it failed and is being stopped for recovery"),
        (ServiceState.Recovering, 118, "it failed, is proven stopped, and waits for its next start"),
        (ServiceState.Failed, 114, "a stop was not proven: it may still run there; only `disable` leaves this state"),
        (ServiceState.Disabled, 119, "off until somebody enables it"),
        (ServiceState.Migrating, 120, "a virtual machine on its way to another node"),
    ];

    /// <summary>Every event is handled or ignored by name in every state: a machine that does not know one would fault.</summary>
    [Fact]
    public void Every_event_is_known_in_every_state()
    {
        ServiceStateMachine machine = new();
        string[] events = [.. machine.Events.Select(known => known.Name).Where(IsOurs).Order(StringComparer.Ordinal)];

        // A stop that holds is a StopService like the other.
        Assert.Equal(Enum.GetValues<CommandKind>().Count(kind => kind != CommandKind.StopHold) + 2, events.Length);
        Assert.All(States, row =>
        {
            var state = machine.GetState(row.State.ToString());
            Assert.Equal(events, machine.NextEvents(state).Select(known => known.Name).Where(IsOurs).Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void Every_state_has_its_line() => Assert.Equal(Enum.GetValues<ServiceState>().Order(), States.Select(row => row.State).Order());

    [Fact]
    public void The_document_says_what_is_decided()
    {
        string now = Describe();
        if (Environment.GetEnvironmentVariable("QUORATE_REWRITE") == "1")
        {
            File.WriteAllText(Document, now);
        }

        Assert.Equal(now, File.Exists(Document) ? File.ReadAllText(Document).ReplaceLineEndings("\n") : "");
    }

    private static bool IsOurs(string name) => name.EndsWith("Requested", StringComparison.Ordinal) || name is "OperationReported" or "StatusFailed";

    private static string Describe()
    {
        StringBuilder text = new(Introduction.ReplaceLineEndings("\n") + "\n");
        Line(text, "| state | number | meaning |", "|---|---|---|");
        foreach ((ServiceState state, int number, string meaning) in States)
        {
            Line(text, string.Create(CultureInfo.InvariantCulture, $"| {Text(state)} | {number} | {meaning} |"));
        }

        Line(text, "", "## What a command does in each", "",
            "The state that follows at once, and what is ordered of which node (`a` is its owner, or was); or the result of a refusal. `...` waits for",
            "the planner to find a node. Without quorum every command is refused (-9), and while the service is frozen every one but `unfreeze` (-11).", "");
        CommandKind[] commands = Enum.GetValues<CommandKind>();
        Line(text, $"| | {string.Join(" | ", commands.Select(Text))} |", $"|---|{string.Concat(Enumerable.Repeat("---|", commands.Length))}");
        foreach ((ServiceState state, _, _) in States)
        {
            Line(text, $"| **{Text(state)}** | {string.Join(" | ", commands.Select(command => Told(In(state), cluster => cluster.Command("s", command, NodeOf(command), "asked"))))} |");
        }

        Line(text, $"| **started, frozen** | {string.Join(" | ", commands.Select(command => Told(With(record => record with { IsFrozen = true }), cluster => cluster.Command("s", command, request: "asked"))))} |");
        Line(text, $"| **started, partial** | {string.Join(" | ", commands.Select(command => Told(With(record => record with { IsPartial = true }), cluster => cluster.Command("s", command, request: "asked"))))} |");
        Line(text, "", "## What a node's word does in each", "",
            "A report about an order counts while that order is pending, by its epoch and the life of the node; any other is ignored by name.", "");
        Line(text, "| | order done | order failed | a check failed | its node ended |", "|---|---|---|---|---|");
        foreach ((ServiceState state, _, _) in States)
        {
            Line(text, $"| **{Text(state)}** | {Ended(state, OperationOutcome.Succeeded)} | {Ended(state, OperationOutcome.Failed)} | {Checked(state)} | {Gone(state)} |");
        }

        return text.ToString();
    }

    private static string Ended(ServiceState state, OperationOutcome outcome) => In(state) is { } cluster && cluster["s"].Pending is null
        ? "-"
        : Told(In(state), one => one.Ends("s", outcome, isRunning: one["s"].Pending!.Action == NodeAction.Start && outcome == OperationOutcome.Succeeded));

    private static string Checked(ServiceState state) => state == ServiceState.Started ? Told(In(state), cluster => cluster.StatusFails("s")) : "ignored";

    private static string Gone(ServiceState state) => In(state) is { } cluster && cluster["s"].Owner is null && cluster["s"].Hold is null
        ? "-"
        : Told(In(state).Node("a", NodeState.Fenced), one => one.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a"))));

    /// <summary>In a few words: the result, the state that follows, the order.</summary>
    private static string Told(Cluster cluster, Func<Cluster, Decision> happens)
    {
        ServiceState before = cluster["s"].State;
        Decision decision = happens(cluster);
        List<string> words = [];
        if (decision.Answered("asked") is { } result)
        {
            words.Add(result == ResultCode.Success ? "done" : string.Create(CultureInfo.InvariantCulture, $"{(int)result} {ResultCodeText.Of(result).ToLowerInvariant()}"));
        }

        if (decision.Next.State != before)
        {
            words.Add(Text(decision.Next.State));
        }

        if (decision.Ordered() is { } order)
        {
            words.Add($"{Text(order.Action)} on {order.Node}");
        }

        if (decision.SeeksPlacement() && decision.Next.Owner is null)
        {
            words.Add("...");
        }

        return words.Count == 0 ? decision.IsChanged ? "noted" : "nothing" : string.Join(", ", words);
    }

    private static string? NodeOf(CommandKind command) => command == CommandKind.ConfirmStopped ? "a" : null;

    private static Cluster With(Func<ServiceRecord, ServiceRecord> change) => In(ServiceState.Started).With("s", change);

    /// <summary>A service on its way through that state on node a of a and b.</summary>
    private static Cluster In(ServiceState state)
    {
        Cluster cluster = new Cluster("a", "b").Service("s");
        switch (state)
        {
            case ServiceState.Started or ServiceState.Migrating:
                return cluster.Running("s", "a").With("s", record => record with { State = state });
            case ServiceState.Starting:
                cluster.At("s", ServiceState.Stopped).Command("s", CommandKind.Enable, "a", "before");
                cluster.Place("s");
                return cluster;
            case ServiceState.Stopping:
                cluster.Running("s", "a").Command("s", CommandKind.Stop, request: "before");
                return cluster;
            case ServiceState.Recoverable:
                cluster.Running("s", "a").StatusFails("s");
                return cluster;
            case ServiceState.Failed:
                cluster.Running("s", "a").Command("s", CommandKind.Disable, request: "before");
                cluster.Ends("s", OperationOutcome.Failed);
                return cluster;
            default:
                return cluster.At("s", state);
        }
    }

    private static string Text<T>(T value) where T : struct, Enum => value is CommandKind.StopHold ? "stop --hold" : value.ToString().ToLowerInvariant();

    private static void Line(StringBuilder text, params IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }
    }
}

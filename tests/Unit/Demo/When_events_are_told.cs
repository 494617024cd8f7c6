using Quorate.Cli.Demo;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Unit.Demo;

/// <summary>The demo says in plain words what happens and why. Source: issue "The backbone", deliverable 7.</summary>
public sealed class When_events_are_told
{
    [Fact]
    public void A_start_names_service_node_and_reason()
    {
        Assert.Equal("web is being started on n2: starting on n2 (best)", Narration.Of(Step(ServiceState.Starting, "n2", "starting on n2 (best)")));
    }

    [Fact]
    public void A_service_that_runs_nowhere_has_no_node()
    {
        Assert.Equal("web is stopped: an operator asked for it", Narration.Of(Step(ServiceState.Stopped, null, "an operator asked for it")));
    }

    [Theory]
    [MemberData(nameof(EveryState))]
    public void Every_state_has_words(ServiceState state)
    {
        string told = Narration.Of(Step(state, "n1", "because"));

        Assert.StartsWith("web ", told, StringComparison.Ordinal);
        Assert.EndsWith("because", told, StringComparison.Ordinal);
    }

    public static TheoryData<ServiceState> EveryState => [.. Enum.GetValues<ServiceState>()];

    [Fact]
    public void A_loss_says_why_nothing_is_started_yet()
    {
        IReadOnlyList<string> told = Narration.Of(Members((NodeState.Online, "a")), Members((NodeState.Lost, "a")));

        Assert.Equal(["n1 is lost: no heartbeat for longer than its lease lasts. It might still run its services, so they wait"], told);
    }

    [Fact]
    public void A_new_life_of_a_node_is_told_even_where_its_state_is_the_same()
    {
        IReadOnlyList<string> told = Narration.Of(Members((NodeState.Online, "a")), Members((NodeState.Online, "b")));

        Assert.Equal(["n1 is back in a new life; what its old life ran is proven stopped"], told);
    }

    [Fact]
    public void The_first_membership_tells_who_is_there_and_that_there_is_quorum()
    {
        IReadOnlyList<string> told = Narration.Of(null, Members((NodeState.Online, "a"), (NodeState.Absent, null)));

        Assert.Equal(["n1 has joined", "Quorum: the nodes may run services, 3 votes, 2 needed"], told);
    }

    [Fact]
    public void A_generation_in_which_nothing_changed_tells_nothing()
    {
        Assert.Empty(Narration.Of(Members((NodeState.Online, "a")), Members((NodeState.Online, "a"))));
    }

    [Fact]
    public void A_type_is_told_only_where_it_is_not_a_service()
    {
        Assert.Equal("web", Narration.Short(new ServiceName("service:web")));
        Assert.Equal("vm:guest", Narration.Short(new ServiceName("vm:guest")));
    }

    private static ServiceTransitioned Step(ServiceState to, string? owner, string reason) => new()
    {
        Service = new ServiceName("service:web"),
        From = ServiceState.Stopped,
        To = to,
        Owner = owner is null ? null : new NodeName(owner),
        Epoch = 1,
        Reason = reason,
        At = DateTimeOffset.UnixEpoch,
    };

    private static MembershipChanged Members(params (NodeState State, string? Incarnation)[] nodes) => new()
    {
        Generation = 1,
        IsQuorate = true,
        Votes = 3,
        VotesNeeded = 2,
        Nodes =
        [
            .. nodes.Select((node, index) => new MemberNode
            {
                Name = new NodeName($"n{index + 1}"),
                Id = index + 1,
                State = node.State,
                Votes = 1,
                Incarnation = node.Incarnation is { } life ? new Incarnation(life) : null,
                Since = DateTimeOffset.UnixEpoch,
            }),
        ],
    };
}

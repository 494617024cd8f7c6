using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Service.Events;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>The sentence of an event, and its place among the others.</summary>
public sealed class When_events_are_told
{
    [Fact]
    public void A_membership_tells_what_has_changed_and_nothing_else()
    {
        MembershipChanged before = Membership(isQuorate: true, ("n1", NodeState.Online, "a", false), ("n2", NodeState.Online, "b", false));

        Assert.Null(EventText.Of(before, before with { Generation = 2 }));
        Assert.Equal(
            "n1 is lost (silent for 3 s); the cluster is not quorate (1 votes, 2 needed)",
            EventText.Of(before, Membership(isQuorate: false, ("n1", NodeState.Lost, "a", false), ("n2", NodeState.Online, "b", false))));
        Assert.Equal("n2 is online", EventText.Of(before, Membership(isQuorate: true, ("n1", NodeState.Online, "a", false), ("n2", NodeState.Online, "b2", false))));
        Assert.Equal("n2 is drained", EventText.Of(before, Membership(isQuorate: true, ("n1", NodeState.Online, "a", false), ("n2", NodeState.Online, "b", true))));
        Assert.Equal("the cluster is in maintenance; the cluster is locked", EventText.Of(before, before with { IsMaintenance = true, IsLocked = true }));
        Assert.Equal("maintenance is over", EventText.Of(before with { IsMaintenance = true }, before));
    }

    [Fact]
    public void The_first_membership_tells_who_is_there() => Assert.Equal(
        "n1 is online; the cluster is quorate (1 votes, 2 needed)",
        EventText.Of(null, Membership(isQuorate: true, ("n1", NodeState.Online, "a", false), ("n2", NodeState.Absent, null, false))));

    [Fact]
    public void A_transition_tells_where_and_why() => Assert.Equal(
        "service:web is started on n2 (was starting): started on n2",
        EventText.Of(new ServiceTransitioned
        {
            Service = new("service:web"), From = ServiceState.Starting, To = ServiceState.Started, Owner = new("n2"), Epoch = 3, Reason = "started on n2", At = DateTimeOffset.UnixEpoch,
        }));

    [Fact]
    public void An_answer_tells_its_last_reason() => Assert.Equal(
        "request r1 for service:web: Success; started on n2",
        EventText.Of(new CommandAnswered { RequestId = "r1", Operation = "7", Service = new("service:web"), Result = ResultCode.Success, Code = 0, Reasons = ["n1 could not", "started on n2"] }));

    [Theory]
    [InlineData("0-0", true)]
    [InlineData("17-4", true)]
    [InlineData("17", false)]
    [InlineData("-1-4", false)]
    [InlineData("a-b", false)]
    [InlineData("99999999999999999999-1", false)]
    public void A_position_is_read_as_it_was_written(string text, bool isOne) => Assert.Equal(isOne ? text : null, EventPosition.Parse(text)?.ToString());

    [Fact]
    public void What_an_older_transaction_wrote_comes_first() =>
        Assert.Equal([new EventPosition(3, 9), new EventPosition(4, 1), new EventPosition(4, 2)], new[] { new EventPosition(4, 2), new EventPosition(3, 9), new EventPosition(4, 1) }.Order());

    private static MembershipChanged Membership(bool isQuorate, params (string Name, NodeState State, string? Life, bool IsDrained)[] nodes) => new()
    {
        Generation = 1,
        IsQuorate = isQuorate,
        Votes = 1,
        VotesNeeded = 2,
        Nodes = [.. nodes.Select(node => new MemberNode
        {
            Name = new(node.Name), Id = 1, State = node.State, Votes = 1, Incarnation = node.Life is null ? null : new Incarnation(node.Life), Since = DateTimeOffset.UnixEpoch,
            IsDrained = node.IsDrained, Reason = node.State == NodeState.Lost ? "silent for 3 s" : "",
        })],
    };
}

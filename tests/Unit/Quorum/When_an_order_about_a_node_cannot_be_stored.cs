using Quorate.Contracts;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: FenceNode and AcknowledgeFence: a request id of 1 to 200 characters. PostgreSQL keeps no NUL.</summary>
public sealed class When_an_order_about_a_node_cannot_be_stored
{
    [Theory]
    [InlineData("r\01", "n3", null, "requestId")]
    [InlineData("", "n3", null, "requestId")]
    [InlineData(null, "n3", null, "requestId")]
    [InlineData("\ud800", "n3", null, "requestId")]
    [InlineData("r1", "n\03", null, "node")]
    [InlineData("r1", null, null, "node")]
    [InlineData("r1", "n3", "c\0", "incarnation")]
    [InlineData("r1", "n3", null, null)]
    [InlineData("r1", "n3", "c", null)]
    public void The_fault_is_named(string? requestId, string? node, string? incarnation, string? fault)
    {
        string? found = NodeOrder.FindFault(requestId, new NodeName(node!), incarnation is null ? null : new Incarnation(incarnation)); // As JSON may have it.

        Assert.Equal(fault is null, found is null);
        Assert.Contains(fault ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_is_refused_before_it_fills_an_index()
    {
        Assert.NotNull(NodeOrder.FindFault(new string('r', NodeOrder.RequestIdLengthMax + 1), new NodeName("n3"), null));
        Assert.NotNull(NodeOrder.FindFault("r1", new NodeName(new string('n', NodeOrder.NodeLengthMax + 1)), null));
        Assert.Null(NodeOrder.FindFault(new string('r', NodeOrder.RequestIdLengthMax), new NodeName(new string('n', NodeOrder.NodeLengthMax)), null));
    }
}

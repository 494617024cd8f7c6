using Quorate.Cli.Api;
using Quorate.Cli.Faces.Clusvcadm;
using Quorate.Contracts;

namespace Quorate.Tests.Unit.Faces;

/// <summary>Source: rgmanager.md 5.1 and 5.4.</summary>
public sealed class When_clusvcadm_is_typed
{
    [Theory]
    [InlineData("-e foo", "Enable service:foo")]
    [InlineData("-e vm:foo", "Enable vm:foo")]
    [InlineData("-d foo", "Disable service:foo")]
    [InlineData("-r foo -n node1", "Relocate service:foo node1")]
    [InlineData("-M vm:foo -m node1", "Migrate vm:foo node1")]
    [InlineData("-R foo", "Restart service:foo")]
    [InlineData("-s foo", "Stop service:foo")]
    [InlineData("-Z foo", "Freeze service:foo")]
    [InlineData("-U foo", "Unfreeze service:foo")]
    [InlineData("-c foo", "Convalesce service:foo")]
    [InlineData("-d foo -e bar", "Enable service:bar")]
    public void It_is_understood(string line, string expected)
    {
        ClusvcadmOptions options = Read(line);

        Assert.Null(options.Problem);
        Assert.Equal(expected, $"{options.Action} {options.Service} {options.Member}".TrimEnd());
    }

    [Theory]
    [InlineData("", "usage: clusvcadm")]
    [InlineData("-h", "usage: clusvcadm")]
    [InlineData("-?", "usage: clusvcadm")]
    [InlineData("-m node1", "usage: clusvcadm")]
    [InlineData("-e", "usage: clusvcadm")]
    [InlineData("-e foo -F -m node1", "Cannot use '-F' with '-n' or '-m'")]
    [InlineData("-M vm:foo", "Migration requires a target cluster member")]
    public void What_makes_no_sense_is_refused(string line, string problem) =>
        Assert.StartsWith(problem, Read(line).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("-l -e foo", ClusvcadmAction.Lock)]
    [InlineData("-u", ClusvcadmAction.Unlock)]
    [InlineData("-S", ClusvcadmAction.QueryLock)]
    [InlineData("-v", ClusvcadmAction.Version)]
    internal void The_lock_acts_as_soon_as_it_is_read(string line, ClusvcadmAction action) =>
        Assert.Equal((action, null), (Read(line).Action, Read(line).Problem));

    [Theory]
    [InlineData("-e foo", null, "Local machine trying to enable service:foo...")]
    [InlineData("-e foo -m node1", "node1", "Member node1 trying to enable service:foo...")]
    [InlineData("-d foo", null, "Local machine disabling service:foo...")]
    [InlineData("-s foo", null, "Local machine stopping service:foo...")]
    [InlineData("-R foo", null, "Local machine trying to restart service:foo...")]
    [InlineData("-r foo", null, "Trying to relocate service:foo...")]
    [InlineData("-r foo -m node1", "node1", "Trying to relocate service:foo to node1...")]
    [InlineData("-M vm:foo -m node1", "node1", "Trying to migrate vm:foo to node1...")]
    [InlineData("-Z foo", null, "Local machine freezing service:foo...")]
    [InlineData("-U foo", null, "Local machine unfreezing service:foo...")]
    [InlineData("-c foo", null, "Local machine convalescing service:foo...")]
    public void It_says_what_it_does(string line, string? target, string expected) =>
        Assert.Equal(expected, ClusvcadmFace.Announcement(Read(line), target is null ? null : new NodeName(target)));

    [Theory]
    [InlineData("-e foo", null, "node2", "service:foo is now running on node2")]
    [InlineData("-e foo -m node1", "node1", "node1", "service:foo is now running on node1")]
    [InlineData("-r foo -m node1", "node1", "node2", "Warning: service:foo is now running on node2")]
    [InlineData("-s foo", null, "node2", null)]
    public void It_says_where_it_landed(string line, string? target, string owner, string? expected) => Assert.Equal(
        expected,
        ClusvcadmFace.Landing(Read(line), target is null ? null : new NodeName(target), new CommandReply { Result = ResultCode.Success, Owner = new NodeName(owner) }));

    [Fact]
    public void A_failure_lands_nowhere() => Assert.Null(
        ClusvcadmFace.Landing(Read("-r foo"), null, new CommandReply { Result = ResultCode.Relocated, Owner = new NodeName("node1") }));

    [Theory]
    [InlineData(ResultCode.Success, 0)]
    [InlineData(ResultCode.AlreadyRunning, 0)]
    [InlineData(ResultCode.Fail, 255)]
    [InlineData(ResultCode.Abort, 254)]
    [InlineData(ResultCode.Deadlock, 251)]
    [InlineData(ResultCode.Again, 250)]
    [InlineData(ResultCode.Depend, 249)]
    [InlineData(ResultCode.Invalid, 248)]
    [InlineData(ResultCode.Quorum, 247)]
    [InlineData(ResultCode.Frozen, 245)]
    [InlineData(ResultCode.NoNode, 244)]
    [InlineData(ResultCode.Exclusive, 240)]
    [InlineData(ResultCode.Relocated, 239)]
    [InlineData(ResultCode.Warning, 237)]
    public void The_exit_code_is_the_original_number_as_a_byte(ResultCode result, int expected) => Assert.Equal(expected, ClusvcadmFace.ExitCodeOf(result));

    [Theory]
    [InlineData("node2", "node2", "")]
    [InlineData("node12", "node12", "")]
    [InlineData("node1", "node1", "")]
    [InlineData("node", null, "'node' not in membership list|More than one possible match for 'node' found")]
    [InlineData("nope", null, "'nope' not in membership list|No matches for 'nope' found")]
    [InlineData("node2x", null, "'node2x' not in membership list|No matches for 'node2x' found")]
    public void A_member_is_found_by_its_name_or_the_beginning_of_it(string typed, string? expected, string lines)
    {
        MemberName member = MemberName.Find(typed, Shown.Cluster.Nodes);

        Assert.Equal((expected, lines), (member.Member?.Value, string.Join('|', member.Lines)));
    }

    [Fact]
    public void One_that_begins_so_is_taken()
    {
        MemberName member = MemberName.Find("node1", [.. Shown.Cluster.Nodes.Where(node => node.Name.Value != "node1")]);

        Assert.Equal(("node12", "Closest match: 'node12'"), (member.Member?.Value, member.Lines[^1]));
    }

    private static ClusvcadmOptions Read(string line) => ClusvcadmOptions.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

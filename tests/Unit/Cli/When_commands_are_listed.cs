using System.Globalization;
using Quorate.Cli.Operations;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Cli;

/// <summary>What <c>quorate operations</c> prints.</summary>
public sealed class When_commands_are_listed
{
    private static readonly OperationView Relocation = new()
    {
        Operation = "o1", RequestId = "r1", Command = "relocate", Service = new("service:web"), Node = new("n2"), State = "answered", Result = ResultCode.Exclusive, Code = -16,
        IsRefused = true, Reasons = ["n2 is full", "n3 too"], RequestedAt = DateTimeOffset.UnixEpoch, AnsweredAt = DateTimeOffset.UnixEpoch.AddSeconds(1.25),
    };

    [Fact]
    public void A_command_about_a_service_tells_its_target_and_how_it_ended() => Assert.Equal(
        [
            DateTimeOffset.UnixEpoch.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), "relocate", "service:web", "n2",
            "refused: Service not runnable: cannot run exclusive", "1.3 s", "o1", "n2 is full; n3 too",
        ],
        OperationsTable.Cells(Relocation));

    [Fact]
    public void What_is_not_answered_tells_how_far_it_is_and_what_it_is_about()
    {
        OperationView drain = Relocation with { Command = "drain", Service = null, State = "accepted", Result = null, IsRefused = false, Reasons = [], AnsweredAt = null };

        Assert.Equal(["drain", "n2", "-", "accepted", "-"], OperationsTable.Cells(drain).Skip(1).Take(5));
        Assert.Equal("cluster", OperationsTable.Cells(drain with { Command = "lock", Node = null })[2]);
    }
}

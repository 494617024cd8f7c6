using Quorate.Cli.Arbiter;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Cli;

public sealed class When_the_arbiter_is_shown
{
    [Fact]
    public void What_went_back_is_said_from_where_to_where_and_its_era_can_be_accepted()
    {
        ArbiterView view = new() { IsTrusted = false, Replicas = [Replica("quorum1", isTrusted: false, stored: 5), Replica("quorum2", isTrusted: true, stored: 5)] };

        string[] lines = [.. ArbiterText.Lines(view)];

        Assert.Contains("WENT BACK (#1130)", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  quorum1: it stands at era 1, sequence 5; era 1, sequence 99 was seen before (not trusted, said at ", lines[1], StringComparison.Ordinal);
        Assert.Equal(1, ArbiterText.EraToAccept(view));
    }

    [Fact]
    public void A_trusted_one_and_one_of_which_nothing_is_known_offer_nothing_to_accept()
    {
        Assert.Null(ArbiterText.EraToAccept(new ArbiterView { IsTrusted = true, Replicas = [Replica("quorum1", isTrusted: true, stored: 99)] }));
        Assert.Null(ArbiterText.EraToAccept(new ArbiterView { IsTrusted = null, Replicas = [] }));
    }

    private static ArbiterReplicaView Replica(string name, bool isTrusted, long stored) => new()
    {
        Replica = name,
        IsTrusted = isTrusted,
        Stored = Point(stored),
        Highest = Point(99),
        SeenAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private static ArbiterPoint Point(long sequence) => new() { Era = 1, Sequence = sequence, Generation = 0 };
}

using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: DESIGN S14. Nothing is decided from rows that may be those of an earlier time.</summary>
[Trait("Rule", "S14")]
public sealed class When_quorum_has_looked_at_the_database
{
    private static readonly ArbiterLook Trusted = new(Era: 1, Generation: 7, IsTrusted: true);
    private static readonly ArbiterLook GoneBack = new(Era: 1, Generation: 9, IsTrusted: false);

    [Theory]
    [InlineData(7, true, true)]
    [InlineData(8, false, true)]
    [InlineData(6, true, false)]
    [InlineData(6, false, false)]
    public void A_trusted_one_permits_the_membership_it_saw_and_every_later_one(long generation, bool isQuorate, bool isPermitted) =>
        Assert.Equal(isPermitted, Trusted.ReasonAgainst(new MembershipView(generation, isQuorate, [])) is null);

    [Theory]
    [InlineData(9, false, true)]
    [InlineData(9, true, false)]
    [InlineData(10, true, false)]
    [InlineData(8, false, false)]
    public void One_that_went_back_permits_only_what_knows_that_quorum_dissolved(long generation, bool isQuorate, bool isPermitted) =>
        Assert.Equal(isPermitted, GoneBack.ReasonAgainst(new MembershipView(generation, isQuorate, [])) is null);

    [Fact]
    public void Before_quorum_spoke_there_is_nothing_to_be_behind() =>
        Assert.Null(new ArbiterLook(1, 0, true).ReasonAgainst(MembershipView.Empty));

    /// <summary>They come by the bus: doubled, late and out of order.</summary>
    [Fact]
    public void Distrust_stays_within_an_era_and_ends_with_it_in_whatever_order_it_is_heard()
    {
        ArbiterLook accepted = new(Era: 2, Generation: 3, IsTrusted: true);

        Assert.Equal(new ArbiterLook(1, 9, false), Trusted.With(GoneBack));
        Assert.Equal(new ArbiterLook(1, 9, false), GoneBack.With(Trusted));
        Assert.Equal(accepted, Trusted.With(GoneBack).With(accepted));
        Assert.Equal(accepted, accepted.With(GoneBack).With(Trusted));
    }
}

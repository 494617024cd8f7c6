using Npgsql;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Sagas;

namespace Quorate.Tests.Integration.Outages;

/// <summary>What becomes of a message whose handler failed. Source: issue 3, deliverable 6: an outage of the database makes no message poison.</summary>
public sealed class When_a_delivery_fails
{
    private const int Often = 100_000;
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("08006")] // connection failure
    [InlineData("25006")] // a standby
    [InlineData("28P01")] // password refused
    [InlineData("3D000")] // no such database, as while it is restored
    [InlineData("53100")] // disk full
    [InlineData("53300")] // too many connections
    [InlineData("55000")] // not accepting connections
    [InlineData("57P01")] // shutting down
    [InlineData("57P03")] // starting
    [InlineData("58030")] // input/output error
    public void It_is_held_as_long_as_the_database_is_away(string state)
    {
        TimeSpan? first = DeliveryRetry.PauseAfter(Failure(state), conflicts: 0, outages: 1);
        TimeSpan? late = DeliveryRetry.PauseAfter(new InvalidOperationException("wrapped", Failure(state)), conflicts: 0, outages: Often);

        Assert.InRange(first!.Value, TimeSpan.FromMilliseconds(1), PauseMax);
        Assert.Equal(PauseMax, late);
    }

    [Fact]
    public void It_is_held_while_nothing_answers_or_the_database_must_not_be_used()
    {
        Assert.NotNull(DeliveryRetry.PauseAfter(new NpgsqlException("refused"), 0, Often));
        Assert.NotNull(DeliveryRetry.PauseAfter(new DatabaseForgetsException("fsync=off"), 0, Often));
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    [InlineData("23505")]
    [InlineData("57014")]
    public void A_conflict_is_tried_again_a_few_times(string state)
    {
        Assert.NotNull(DeliveryRetry.PauseAfter(Failure(state), DeliveryRetry.ConflictsMax, outages: 0));
        Assert.Null(DeliveryRetry.PauseAfter(Failure(state), DeliveryRetry.ConflictsMax + 1, outages: 0));
        Assert.Null(DeliveryRetry.PauseAfter(new SagaConflictException(), DeliveryRetry.ConflictsMax + 1, outages: 0));
    }

    [Theory]
    [InlineData("22P02")]
    [InlineData("P0001")]
    [InlineData("42P01")]
    public void A_failure_of_its_own_is_not_tried_again(string state)
    {
        Assert.Null(DeliveryRetry.PauseAfter(Failure(state), 1, 0));
        Assert.Null(DeliveryRetry.PauseAfter(new InvalidOperationException("a defect"), 1, 0));
    }

    private static PostgresException Failure(string state) => new("it failed", "ERROR", "ERROR", state);
}

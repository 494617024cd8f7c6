using Quorate.Cli.Queues;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Cli;

public sealed class When_queues_are_shown
{
    private static readonly ParkedMessageView Broken = new()
    {
        Id = "0123456789ab",
        MessageId = "m1",
        Queue = "scheduler.v1",
        Kind = "error",
        Type = "EnableService",
        Reason = "SerializationException: the body is no JSON",
        Number = 38,
        Size = 18,
        Body = "no JSON at all {{{",
    };

    [Fact]
    public void Unknown_numbers_are_question_marks_and_every_parked_message_has_its_line()
    {
        QueuesView view = new()
        {
            Queues =
            [
                new QueueView { Name = "scheduler outbox", Ready = 0, Parked = 0 },
                new QueueView { Name = "scheduler.v1", Ready = 2, Consumers = 1, Parked = 3, Note = "scheduler.v1_error is full" },
            ],
            Parked = [Broken],
        };

        Assert.Equal(
            [
                "Queue               Ready  Unacked  Consumers   Parked",
                "scheduler outbox        0        ?          ?        0",
                "scheduler.v1            2        ?          1        3  scheduler.v1_error is full",
                "",
                "Parked (1 of 3 shown):",
                "0123456789ab  ?  scheduler.v1 (error)  EnableService  18 B  #38: SerializationException: the body is no JSON",
                "              no JSON at all {{{",
            ],
            QueuesText.Lines(view));
    }

    [Fact]
    public void What_cannot_be_looked_at_is_said()
    {
        QueuesView view = new() { Unavailable = "the bus is in memory", Queues = [], Parked = [] };

        Assert.Equal(["Queue    Ready  Unacked  Consumers   Parked", "The queues of the bus are not shown: the bus is in memory", "", "Nothing is parked."], QueuesText.Lines(view));
    }

    [Fact]
    public void A_number_that_the_reason_has_already_is_not_said_twice()
    {
        IReadOnlyList<string> lines = QueuesText.Details(Broken with { Reason = "TimeoutException: #33: Unable to obtain cluster lock: gone", Number = 33 });

        Assert.Contains("Reason:      TimeoutException: #33: Unable to obtain cluster lock: gone", lines);
    }

    [Fact]
    public void What_was_done_is_said_for_each_message()
    {
        Assert.Equal(["0123456789ab  EnableService of scheduler.v1: put back"], QueuesText.Lines(new ParkedActionView { Done = [Broken] }, "put back"));
        Assert.Equal(["nothing was put back"], QueuesText.Lines(new ParkedActionView { Done = [] }, "put back"));
    }
}

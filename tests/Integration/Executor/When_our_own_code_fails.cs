using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Service.Operations;

namespace Quorate.Tests.Integration.Executor;

/// <summary>An internal error concerns the service it happened at, and is answered; the process would take all others with it. Source: DESIGN 3, S13.</summary>
[Trait("Rule", "S13")]
public sealed class When_our_own_code_fails : IDisposable
{
    private static readonly ServiceName Web = new("service:web");

    private readonly SemaphoreSlim _room = new(1);

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task The_order_is_answered_as_failed_and_the_next_one_is_taken()
    {
        List<OperationEnded> answers = [];
        TaskCompletionSource hasBoth = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ServiceActor actor = new(Web, Broken(answer =>
        {
            answers.Add(answer);
            if (answers.Count == 2)
            {
                hasBoth.TrySetResult();
            }
        }), journal: null);
        using CancellationTokenSource end = new();
        Task running = actor.RunAsync(end.Token);

        Assert.True(actor.TryOperate(Order(NodeAction.Start, 1)));
        Assert.True(actor.TryOperate(Order(NodeAction.Stop, 2)));
        await Task.WhenAny(hasBoth.Task, running).WaitAsync(TimeSpan.FromSeconds(30));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal([1, 2], answers.Select(answer => answer.Epoch));
        Assert.All(answers, answer => Assert.Equal((OperationOutcome.Failed, null), (answer.Outcome, answer.IsRunning)));
        Assert.StartsWith("internal error of the executor, NullReferenceException", answers[0].Detail, StringComparison.Ordinal);
    }

    /// <summary>Without what it looks trees up in: any order meets an error that no code expects.</summary>
    private ActorContext Broken(Action<OperationEnded> ended) => new()
    {
        Node = new NodeName("n1"),
        Agents = null!,
        Runner = null!,
        Trees = null!,
        Starts = _room,
        Stops = _room,
        Checks = _room,
        Logger = NullLogger.Instance,
        Ended = ended,
        Failed = (_, _, _, _, _) => { },
        LeftStopped = (_, _) => { },
        WasLeftStopped = _ => [],
    };

    private static OperateService Order(NodeAction action, long epoch) => new()
    {
        Service = Web,
        Epoch = epoch,
        Attempt = 1,
        Action = action,
        Node = new NodeName("n1"),
        Incarnation = new Incarnation("a"),
        ConfigurationDigest = "",
        ConfigurationVersion = 1,
    };
}

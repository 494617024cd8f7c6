using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard;
using Quorate.Executor.Guard.Journal;

namespace Quorate.Tests.Integration.Guard;

/// <summary>Source: DESIGN rule S9: what an ended incarnation was still writing is not the next one's.</summary>
[Trait("Rule", "S9")]
public sealed class When_a_journal_is_forgotten : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-journal-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_write_that_comes_late_leaves_no_file()
    {
        using StateDirectory state = StateDirectory.Take(_directory);
        ServiceJournal journal = new(state);
        JournalEntry entry = new()
        {
            Service = GuardedNode.Web, Epoch = 1, StartEpoch = 1, Action = NodeAction.Start, ConfigurationDigest = "d", ConfigurationVersion = 1,
        };
        journal.Remember(entry);
        journal.Write(entry);

        journal.Clear();
        journal.Write(entry);

        Assert.Empty(state.ReadJournal());
    }

    [Fact]
    public async Task The_same_id_of_another_executor_is_another_run()
    {
        Runs runs = new();
        TaskCompletionSource release = new();
        object first = new();
        object second = new();
        TaskCompletionSource<CancellationToken> begun = new();

        Assert.Null(runs.TryBegin(first, 1, cancellation =>
        {
            begun.SetResult(cancellation);
            return release.Task;
        }));
        CancellationToken ofFirst = await begun.Task;
        Assert.NotNull(runs.TryBegin(first, 1, _ => release.Task));
        Assert.Null(runs.TryBegin(second, 1, _ => release.Task));
        runs.Cancel(second, 1);

        Assert.False(ofFirst.IsCancellationRequested);
        release.SetResult();
    }
}

using Quorate.Hosting.Database;

namespace Quorate.Tests.Integration.Stores;

/// <summary>In one process a session ends only with its work, and a commit answers always: both are played as what a caller sees of a crash.</summary>
public sealed class The_store_of_SQLite : A_store
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-store-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private protected override async Task<IStoreUnderTest> OpenAsync() => await SqlStore.OpenAsync(
        DatabaseFactory.Create($"sqlite:{_directory}/store.db"),
        kill: static _ => throw new TimeoutException("the work ends between two statements"),
        loseAnswer: static () => static () => throw new TimeoutException("committed, and nobody hears of it"));
}

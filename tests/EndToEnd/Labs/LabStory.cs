namespace Quorate.Tests.EndToEnd.Labs;

/// <summary>
/// One lab, and what happens to it once; the facts of a test class then look at what was witnessed, in any order.
/// </summary>
public abstract class LabStory : IAsyncLifetime
{
    /// <summary>How long one step (a takeover, a return) may take: many times what it takes, for a machine that does other work too.</summary>
    protected static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(60);

    private Lab? _lab;

    /// <summary>The lab, up since the story began.</summary>
    public Lab Lab => _lab ?? throw new InvalidOperationException("the lab is not up");

    /// <summary>Test-only switches for the lab's processes.</summary>
    protected virtual IReadOnlyDictionary<string, string?>? Environment => null;

    /// <summary>The lease in milliseconds.</summary>
    protected virtual int TtlMilliseconds => Lab.TtlMilliseconds;

    /// <summary>More options of <c>./lab up</c>, such as <c>--fence</c>.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    /// <summary>It takes minutes, and happens with <c>./test --long</c> only; its facts are <see cref="LongFactAttribute"/>.</summary>
    protected virtual bool IsLong => false;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (IsLong && !LongFactAttribute.AreRun)
        {
            return;
        }

        _lab = await Lab.UpAsync(Environment, TtlMilliseconds, Options);
        await HappenAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>What happens.</summary>
    protected abstract Task HappenAsync();
}

using Quorate.Tests.EndToEnd.Labs;
using Quorate.Cli.Demo.Witness;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>
/// The proof that the other tests can fail: with the test-only switch on, the same observation that they make is red.
/// Source: DESIGN 8.5.
/// </summary>
public sealed class When_a_second_owner_is_let_in
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_is_seen_in_the_witness_files()
    {
        await using Lab lab = await Lab.UpAsync(new Dictionary<string, string?> { ["QUORATE_TEST_UNSAFE_SECOND_OWNER"] = "1" });

        await lab.QuorateAsync("relocate", "web", "--no-wait");

        await lab.WaitAsync("two owners are witnessed", () => Task.FromResult(Ownership.Violations(lab.Witnessed()).Count > 0), StepTimeout);
    }
}

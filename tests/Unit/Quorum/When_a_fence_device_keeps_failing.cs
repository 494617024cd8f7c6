using Quorate.Quorum.Core.Fencing;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: message #1121: it is news once, and again when the device fails in another way.</summary>
public sealed class When_a_fence_device_keeps_failing
{
    private const string Answer = "exit status 1: 2026-11-25 17:00:01,123 ERROR: Unable to connect";

    [Fact]
    public void The_first_failure_is_news()
    {
        Assert.False(FenceFailure.IsAsBefore(Failed(Answer), null));
    }

    [Fact]
    public void The_same_failure_is_none_whatever_time_the_agent_prints()
    {
        string later = Answer.Replace("17:00:01,123", "17:01:07,004", StringComparison.Ordinal);

        Assert.True(FenceFailure.IsAsBefore(Failed(later), (FenceOutcome.Failed, Answer)));
        Assert.True(FenceFailure.IsAsBefore(Failed(later), (FenceOutcome.Failed, FenceFailure.AsBefore(Answer))));
    }

    [Theory]
    [InlineData(FenceOutcome.TimedOut, Answer)]
    [InlineData(FenceOutcome.Done, "")]
    [InlineData(FenceOutcome.Failed, "exit status 1: Login failed")]
    public void Another_failure_or_one_after_a_success_is_news(FenceOutcome before, string detail)
    {
        Assert.False(FenceFailure.IsAsBefore(Failed(Answer), (before, detail)));
    }

    private static FenceResult Failed(string detail) => new(0, 0, FenceAction.Off, FenceOutcome.Failed, detail);
}

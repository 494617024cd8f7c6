namespace Quorate.Tests.EndToEnd.Labs;

/// <summary>A test that takes minutes: it runs with <c>./test --long</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    /// <summary>True in a run of <c>./test --long</c>.</summary>
    public static bool AreRun => Environment.GetEnvironmentVariable("QUORATE_TEST_LONG") is { Length: > 0 };

    public LongFactAttribute()
    {
        if (!AreRun)
        {
            Skip = "takes minutes: ./test --long";
        }
    }
}

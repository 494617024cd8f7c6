namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>A test that takes minutes: it runs with <c>./test --long</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("QUORATE_TEST_LONG") is not { Length: > 0 })
        {
            Skip = "takes minutes: ./test --long";
        }
    }
}

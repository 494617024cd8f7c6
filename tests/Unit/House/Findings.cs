namespace Quorate.Tests.Unit.House;

/// <summary>What a search through the sources found, as a test result that shows all of it.</summary>
internal static class Findings
{
    /// <summary>Fails with one finding a line, under a sentence that says what to do.</summary>
    public static void AssertNone(string remedy, IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        Assert.True(all.Length == 0, $"{remedy}\n  {string.Join("\n  ", all)}");
    }
}

namespace Quorate.Hosting.Crashing;

/// <summary>Nothing ever crashes: the default.</summary>
internal sealed class NoCrashPoint : ICrashPoint
{
    public void Reached(string point, string? messageType)
    {
    }
}

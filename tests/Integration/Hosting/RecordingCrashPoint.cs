using System.Collections.Concurrent;
using Quorate.Hosting.Crashing;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>Writes down which points were passed.</summary>
internal sealed class RecordingCrashPoint : ICrashPoint
{
    private readonly ConcurrentQueue<string> _passed = new();

    public IReadOnlyList<string> Passed => [.. _passed];

    public void Reached(string point, string? messageType) => _passed.Enqueue($"{point} {messageType}");
}

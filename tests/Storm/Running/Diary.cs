using System.Globalization;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.Storm.Running;

/// <summary>What a storm did, line by line, in the time of the witness files: to be read beside the logs.</summary>
internal sealed class Diary(string file) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(file) { AutoFlush = true };

    /// <summary>Where it is written.</summary>
    public string File => file;

    public void Write(string what)
    {
        lock (_gate)
        {
            _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Lab.Now()} {DateTimeOffset.UtcNow:HH:mm:ss.fff} {what}"));
        }
    }

    public void Dispose() => _writer.Dispose();
}

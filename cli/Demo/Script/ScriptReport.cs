using System.Diagnostics;
using System.Globalization;

namespace Quorate.Cli.Demo.Script;

/// <summary>Writes the script's progress: the time since its beginning, then what is done, what happens and what was seen.</summary>
internal sealed class ScriptReport(TextWriter output)
{
    private readonly Lock _gate = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _steps;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>A step begins.</summary>
    public void Step(string title)
    {
        Write("");
        Write(string.Create(CultureInfo.InvariantCulture, $"{Time()} STEP {++_steps}  {title}"));
    }

    /// <summary>What the cluster says about itself: an explanation, and no proof.</summary>
    public void Happened(string text) => Write($"{Time()}        {text}");

    /// <summary>What the agents wrote: the proof.</summary>
    public void Seen(string text) => Write($"{Time()}   SEEN {text}");

    /// <summary>A line as it is.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
        }
    }

    private string Time() => string.Create(CultureInfo.InvariantCulture, $"[{Elapsed.TotalSeconds,5:0.0} s]");
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Quorate.Hosting.Telemetry;

/// <summary>The names under which Quorate's traces and metrics appear.</summary>
public static class Instruments
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Quorate";

    private static readonly Counter<long> RaisedCounter;

    static Instruments()
    {
        Meter = new Meter(Name);
        RaisedCounter = Meter.CreateCounter<long>("quorate.messages_raised", description: "Numbered messages raised");
    }

    /// <summary>Where spans of our own start.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Where services make their counters.</summary>
    public static Meter Meter { get; }

    internal static void Raised(int number, string component) =>
        RaisedCounter.Add(1, new KeyValuePair<string, object?>("number", number), new KeyValuePair<string, object?>("component", component));
}

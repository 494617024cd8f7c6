using System.Diagnostics;

namespace Quorate.Hosting.Telemetry.Tracing;

/// <summary>
/// A trace across what is not one call: a row that is sent later, a signal to another task, a fencing that another replica takes up. Whoever
/// leaves something for later writes down where it stood (<see cref="Here"/>), and whoever takes it up goes on from there (<see cref="Begin"/>).
/// </summary>
public static class Traces
{
    /// <summary>Longer ones, from outside, are not kept.</summary>
    private const int StateLengthMax = 512;

    /// <summary>Where this flow of work stands, as a W3C <c>traceparent</c>; null when it is not recorded.</summary>
    public static string? Here => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>What vendors added to the trace (<c>tracestate</c>); null as a rule.</summary>
    public static string? State => Here is not null && Activity.Current?.TraceStateString is { Length: > 0 and <= StateLengthMax } state ? state : null;

    /// <summary>Begins a span where a trace stood, or a trace of its own, never below what happens to be done around it.</summary>
    /// <param name="name">What is done, in a few words, and to what.</param>
    /// <param name="parent">As <see cref="Here"/> gave it; null, or text that is none, begins a new trace.</param>
    /// <param name="state">As <see cref="State"/> gave it.</param>
    /// <returns>To be disposed when it is done; null when nobody records.</returns>
    public static Activity? Begin(string name, string? parent, string? state = null)
    {
        ActivityContext context = ActivityContext.TryParse(parent, state, isRemote: true, out ActivityContext read) ? read : default;
        Activity? around = Activity.Current;
        Activity.Current = null;
        Activity? span = Instruments.Activities.StartActivity(name, ActivityKind.Internal, context);
        if (span is null)
        {
            Activity.Current = around;
        }
        return span;
    }

    /// <summary>Begins a span below what is being done; null when that is not recorded, so that routine makes no traces of its own.</summary>
    public static Activity? Within(string name) => Here is null ? null : Instruments.Activities.StartActivity(name);

    /// <summary>Notes that this span also goes on from others.</summary>
    public static void LinkTo(this Activity? span, IEnumerable<string> others)
    {
        foreach (string other in others)
        {
            if (span is not null && ActivityContext.TryParse(other, null, isRemote: true, out ActivityContext context))
            {
                span.AddLink(new ActivityLink(context));
            }
        }
    }
}

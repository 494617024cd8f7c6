namespace Quorate.Tests.Simulation.Engine;

/// <summary>One message on its way; a second copy of it is the same object, so a receiver can know it.</summary>
internal sealed class Envelope(string queue, object message)
{
    public string Queue => queue;

    public object Message => message;

    public int Deliveries { get; set; }

    /// <summary>The receivers' inbox: true once what it led to is committed.</summary>
    public bool IsSeen { get; set; }
}

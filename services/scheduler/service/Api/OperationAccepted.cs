namespace Quorate.Scheduler.Service.Api;

/// <summary>A command was stored and will be carried out.</summary>
/// <param name="Operation">Its id, for the history.</param>
public sealed record OperationAccepted(string Operation);

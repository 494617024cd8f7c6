namespace Quorate.Contracts.V1;

/// <summary>Something that happened, told to everybody who binds a queue to its exchange. A part of the stable interface for programs.</summary>
public interface IEvent;

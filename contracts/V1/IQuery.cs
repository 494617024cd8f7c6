namespace Quorate.Contracts.V1;

/// <summary>A question, answered to the <c>reply_to</c> it names and to nobody else. It changes nothing and may be lost, repeated or late.</summary>
public interface IQuery;

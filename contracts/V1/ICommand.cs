namespace Quorate.Contracts.V1;

/// <summary>
/// What every command carries, whoever sends it: bus, HTTP or CLI. Idempotent by <see cref="RequestId"/>, answered once by
/// <see cref="CommandAnswered"/>; whoever names a <c>reply_to</c> gets the answer there too, as plain JSON.
/// </summary>
public interface ICommand
{
    /// <summary>Chosen by the sender, 1 to 200 characters; the same id is the same command and gets the same answer.</summary>
    string RequestId { get; }

    /// <summary>A command that was not taken by then is refused and changes nothing; null waits as long as it must. UTC or with offset.</summary>
    DateTimeOffset? ExpiresAt { get; }
}

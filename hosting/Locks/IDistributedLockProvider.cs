namespace Quorate.Hosting.Locks;

/// <summary>Makes locks by name.</summary>
public interface IDistributedLockProvider
{
    /// <summary>The lock of this name, 1 to 200 characters. Nothing is taken yet.</summary>
    IDistributedLock CreateLock(string name);
}

namespace Quorate.Tests.Integration.Stores;

public sealed class The_store_of_the_simulation : A_store
{
    private protected override Task<IStoreUnderTest> OpenAsync() => Task.FromResult<IStoreUnderTest>(new SimulatedStore());
}
